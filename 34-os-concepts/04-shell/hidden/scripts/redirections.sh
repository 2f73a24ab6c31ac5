### two here-documents on a line
cat <<A; cat <<B
one
A
two
B
--- stdout
one
two
### a here-document in a pipe
cat <<E | tr a-z A-Z
hello
E
--- stdout
HELLO
### expansions in a here-document
x='a  b'
cat <<E
$x "${x}" '$x' \$x \\ \a $(echo sub) `echo back` $((6*7))
one \
line
E
--- stdout
a  b "a  b" 'a  b' $x \ \a sub back 42
one line
### a here-document that is empty
cat <<E
E
echo end
--- stdout
end
### the delimiter only alone
cat <<E
 E
EE
E
--- stdout
 E
EE
### a delimiter with quotes
cat <<'a b'
$x
a b
cat <<E"O"F
$x
EOF
--- stdout
$x
$x
### a large here-document
x=0123456789abcdef
x=$x$x$x$x$x$x$x$x
x=$x$x$x$x$x$x$x$x
x=$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x
x=$x$x$x$x
cat <<E | wc -c | tr -d ' '
$x
E
--- stdout
131073
### a here-document in a loop
for i in 1 2; do cat <<E; done
number $i
E
--- stdout
number 1
number 2
### a here-document in a function
f() {
cat <<E
got $1
E
}
f a
f b
--- stdout
got a
got b
### a here-document on another descriptor
cat 3<<E <&3
three
E
--- stdout
three
### a here-document without its end
cat <<E
text
--- stdout
text
### reading and writing one file
printf 'hello\n' >f
exec 3<>f
read x <&3
echo more >&3
exec 3>&-
cat f
--- stdout
hello
more
### closing output
echo a >&- 2>/dev/null
echo $?
--- stdout
1
### closing and restoring
exec 3>&-
{ echo a >&3; } 3>&1
{ echo b >&3; } 2>/dev/null
echo $?
--- stdout
a
2
### a duplicate of what is closed
exec 5>&-
(echo a >&5) 2>/dev/null
echo $?
--- stdout
2
### swapping two descriptors
{ { echo out; echo err >&2; } 3>&1 1>&2 2>&3 3>&-; } 2>/dev/null
--- stdout
err
### a redirection that fails before a program
cat <missing 2>/dev/null
echo $?
--- stdout
2
### a redirection that fails before a built-in
read x <missing 2>/dev/null
echo $?
--- stdout
2
### a redirection that fails before a special built-in ends the shell
echo before
: <missing
echo after
--- stdout
before
--- status 2
### a redirection that fails on a compound command
{ echo no; } <missing
echo $?
while echo no; do break; done <missing
echo $?
--- stdout
2
2
### redirections without a command
>f
test -f f && echo made
<missing
echo $?
--- stdout
made
2
### redirections in front
>f echo hello
cat <f
<f cat
--- stdout
hello
hello
### a file name is expanded and not split
x='a b'
echo hello >$x
ls
--- stdout
a b
### the number must touch the operator
echo 2 >f
cat f
echo a2>f
cat f
--- stdout
2
a2
### clobbering something that is no file
set -C
echo a >/dev/null
echo $?
--- stdout
0
### exec puts nothing back
exec 5>&1
exec >f
echo hidden
exec >&5 5>&-
echo shown
cat f
--- stdout
shown
hidden
### errors of a built-in go to its descriptor 2
{ cd /missing/place; } 2>f
test -s f && echo told
--- stdout
told
### output of a built-in that cannot be written
echo a >/dev/full 2>/dev/null
echo $?
--- stdout
1
### many redirections
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  { echo $i >f; } 3>g 4>h 2>>k
done
cat f
--- stdout
20
### appending from two places
{ echo a; echo b >>f; echo c; } >>f
cat f
--- stdout
a
b
c
### a function with its own input
f() { cat; }
echo x | f
f <<E
y
E
--- stdout
x
y
