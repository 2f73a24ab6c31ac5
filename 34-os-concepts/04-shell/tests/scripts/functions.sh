### a function
hello() { echo hello; }
hello
--- stdout
hello
### arguments
f() { echo $# $1 "$2"; }
f a 'b c'
--- stdout
2 a b c
### the parameters come back
set -- x y
f() { echo $1; }
f a
echo $1 $#
--- stdout
a
x 2
### return
f() { return 3; echo no; }
f
echo $?
--- stdout
3
### the status of the last command
f() { false; }
f
echo $?
--- stdout
1
### variables are shared
f() { x=2; }
x=1
f
echo $x
--- stdout
2
### recursion
count() { if [ $1 -gt 0 ]; then echo $1; count $(($1-1)); fi; }
count 3
--- stdout
3
2
1
### a subshell as a body
f() (x=2; echo $x)
x=1
f
echo $x
--- stdout
2
1
### a redirection belongs to the function
f() { echo hello; } >out
f
cat out
--- stdout
hello
### a function in a pipe
f() { while read x; do echo "<$x>"; done; }
printf 'a\nb\n' | f
--- stdout
<a>
<b>
### a function hides a command
cat() { echo mine; }
cat
command cat /dev/null
unset -f cat
cat /dev/null && echo real
--- stdout
mine
real
### defined again
f() { echo 1; }
f
f() { echo 2; }
f
--- stdout
1
2
