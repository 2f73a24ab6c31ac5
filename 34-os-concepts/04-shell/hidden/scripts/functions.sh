### return without a number
f() { false; return; }
f
echo $?
--- stdout
1
### return out of a loop
f() { for i in 1 2 3; do if [ $i = 2 ]; then return 5; fi; echo $i; done; }
f
echo $?
--- stdout
1
5
### return in a group, a case and an if
f() { { case a in a) if true; then return 6; fi;; esac; }; echo no; }
f
echo $?
--- stdout
6
### return in eval
f() { eval 'return 7'; echo no; }
f
echo $?
--- stdout
7
### return leaves one function
f() { g; echo "f $?"; }
g() { return 3; echo no; }
f
--- stdout
f 3
### exit in a function
f() { exit 4; }
f
echo no
--- stdout
--- status 4
### a function that defines a function
f() { g() { echo inner; }; }
f
g
--- stdout
inner
### a function that replaces itself
f() { f() { echo second; }; echo first; }
f
f
--- stdout
first
second
### a function in a subshell stays there
(f() { echo no; })
f 2>/dev/null
echo $?
--- stdout
127
### a function that is unset
f() { :; }
unset -f f
f 2>/dev/null
echo $?
--- stdout
127
### assignments before a function
f() { echo $x; }
x=1
x=2 f
echo $x
--- stdout
2
1
### parameters and shift inside
f() { shift; echo "$@"; }
set -- x y
f 1 2 3
echo "$@"
--- stdout
2 3
x y
### set inside changes only the function's
f() { set -- p q; echo $#; }
set -- a
f
echo $#
--- stdout
2
1
### the name stays
f() { echo $0; }
f
--- stdout
../script.sh
### mutual recursion
even() { if [ $1 = 0 ]; then echo even; else odd $(($1-1)); fi; }
odd() { if [ $1 = 0 ]; then echo odd; else even $(($1-1)); fi; }
even 7
--- stdout
odd
### five hundred deep
f() { if [ $1 -gt 0 ]; then f $(($1-1)); else echo bottom; fi; }
f 500
--- stdout
bottom
### a redirection of a call
f() { echo out; echo err >&2; }
f >a 2>b
cat b a
--- stdout
err
out
### a function in the background
f() { echo bg >out; return 3; }
f &
wait $!
echo $?
cat out
--- stdout
3
bg
### a function as a condition
f() { return $1; }
if f 0; then echo yes; fi
f 1 || echo no
--- stdout
yes
no
### a loop as a body
f() for i in "$@"; do echo "<$i>"; done
f a 'b c'
--- stdout
<a>
<b c>
### an if as a body
f() if [ "$1" = a ]; then echo is a; fi
f a
f b
echo $?
--- stdout
is a
0
### read only variables are an error in a function too
readonly r=1
f() { r=2; }
f
echo no
--- stdout
--- status 2
### break does not leave the function's caller's loop
f() { for j in a b; do break 5; done; echo f; }
for i in 1 2; do f; echo $i; done
--- stdout
f
1
f
2
