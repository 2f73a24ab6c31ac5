### precedence of and and or
false && false || echo a
true || false && echo b
false || false && echo c
echo end
--- stdout
a
b
end
### the status of an and-or list
true && false
echo $?
false || false
echo $?
false && true
echo $?
--- stdout
1
1
1
### not binds to the whole pipe
! true | false
echo $?
! false | true
echo $?
--- stdout
0
1
### pipes of built-ins
echo a b c | { read x y; echo "$y:$x"; }
--- stdout
b c:a
### a pipe into a loop
printf '1\n2\n3\n' | while read n; do echo $((n*n)); done
--- stdout
1
4
9
### a loop into a pipe
for i in 3 1 2; do echo $i; done | sort
--- stdout
1
2
3
### a long pipe
echo x | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat
--- stdout
x
### a writer whose reader has gone
while echo line; do :; done 2>/dev/null | head -n 2
echo $?
--- stdout
line
line
0
### the middle does not count
true | exit 3 | true
echo $?
--- stdout
0
### a pipe with compound commands
{ echo b; echo a; } | (sort; echo end) | if read x; then echo $x; cat; fi
--- stdout
a
b
end
### exit in a subshell
(echo a; exit 4; echo b)
echo $?
--- stdout
a
4
### exit in a pipe
echo a | exit 5
echo $?
--- stdout
5
### exit with the last status
(false; exit)
echo $?
--- stdout
1
### exit with more than eight bits
(exit 258)
echo $?
--- stdout
2
### several in the background
for i in 1 2 3; do echo $i >f$i & done
wait
cat f1 f2 f3
--- stdout
1
2
3
### waiting for one
(exit 3) &
a=$!
(exit 4) &
b=$!
wait $b
echo $?
wait $a
echo $?
--- stdout
4
3
### waiting for all
(exit 3) &
wait
echo $?
--- stdout
0
### waiting for a stranger
wait 1
echo $?
--- stdout
127
### nothing to read in the background
cat &
wait $!
echo $?
--- stdout
0
### a program that a signal ends
sh -c 'kill -TERM $$' 2>/dev/null
echo $?
sh -c 'kill -KILL $$' 2>/dev/null
echo $?
--- stdout
143
137
### a command that cannot be executed
echo text >f
./f 2>/dev/null
echo $?
/ 2>/dev/null
echo $?
./missing 2>/dev/null
echo $?
--- stdout
126
126
127
### a script without a first line
printf 'echo "script $1"\nexit 6\n' >f
chmod +x f
./f a
echo $?
--- stdout
script a
6
### a directory in PATH
mkdir bin
printf '#!/bin/sh\necho mine\n' >bin/tool
chmod +x bin/tool
PATH=$PWD/bin:$PATH
tool
--- stdout
mine
### PATH is looked at again when it changes
mkdir a b
printf '#!/bin/sh\necho a\n' >a/tool
printf '#!/bin/sh\necho b\n' >b/tool
chmod +x a/tool b/tool
old=$PATH
PATH=$PWD/a:$old
tool
PATH=$PWD/b:$old
tool
--- stdout
a
b
### a subshell has its own directory
mkdir d
(cd d; pwd | sed 's,.*/,,')
basename "$PWD" | grep -c '^d$'
--- stdout
d
0
--- status 1
### the process id in a subshell
test "$$" = "$(echo $$)" && echo same
(test "$$" = "$(sh -c 'echo $PPID')" || echo different)
--- stdout
same
different
### an and-or list in the background
true && echo a >f &
wait
cat f
--- stdout
a
