### and
true && echo yes
false && echo no
echo end
--- stdout
yes
end
### or
false || echo yes
true || echo no
--- stdout
yes
### from left to right
false && echo a || echo b
true || echo a && echo b
--- stdout
b
b
### not
! true
echo $?
! false
echo $?
--- stdout
1
0
### a pipe
echo hello | cat
--- stdout
hello
### three of them
printf 'b\na\nc\n' | sort | head -n 1
--- stdout
a
### the status of a pipe is the last one's
true | false
echo $?
false | true
echo $?
--- stdout
1
0
### newlines behind a pipe
echo a |
cat
--- stdout
a
### parts of a pipe are subshells
x=1
echo | x=2
echo $x
--- stdout
1
### groups
{ echo a; echo b; } | cat
--- stdout
a
b
### a subshell
x=1
(x=2; echo $x)
echo $x
--- stdout
2
1
### its status
(exit 3)
echo $?
--- stdout
3
### in the background
echo a >f &
wait
cat f
--- stdout
a
### the status of what was in the background
(exit 5) &
wait $!
echo $?
--- stdout
5
### exit
echo a
exit 3
echo b
--- stdout
a
--- status 3
