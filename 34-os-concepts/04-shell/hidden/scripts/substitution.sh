### a here-document inside
x=$(cat <<E
in $((1+1))
E
)
echo "$x"
--- stdout
in 2
### comments inside
x=$(echo a # )
)
echo $x
--- stdout
a
### quotes with parentheses
echo "$(echo ")" '(' \))"
--- stdout
) ( )
### backquotes with quotes and dollars
x=1
echo `echo "$x" \$x '\$x'`
echo "`echo \"a  b\"`"
--- stdout
1 1 $x
a  b
### arithmetic or a subshell
echo $( (echo sub) )
echo $((1+1))
--- stdout
sub
2
### the status survives in the words
false
echo $(echo $?)
x=$(exit 3) y=$(exit 4)
echo $?
--- stdout
1
4
### a status is that of the command, not of its words
true $(false)
echo $?
--- stdout
0
### a command that is made of nothing
$(true)
echo $?
$(false)
echo $?
--- stdout
0
1
### the last substitution counts
x=$(false)$(true)
echo $?
--- stdout
0
### much output
x=$(i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done)
echo ${#x}
--- stdout
81999
### zero bytes go
x=$(printf 'a\000b')
echo ${#x}
--- stdout
2
### variables set inside stay inside
echo $(x=5; echo ${x}) [${x}]
echo $(echo ${y:=6}) [${y}]
echo $(echo $((z=7))) [${z}]
--- stdout
5 []
6 []
7 []
### an exit inside ends the inside
echo $(echo a; exit 2; echo b)
--- stdout
a
### functions inside
f() { echo "f $1"; }
echo $(f x) $(echo() { printf mine; }; echo)
--- stdout
f x mine
### a pipe inside
echo $(printf 'b\na\n' | sort)
--- stdout
a b
### a failing demand inside
x=$(echo ${nope?} 2>/dev/null)
echo "$? [$x]"
--- stdout
2 []
### redirections inside
echo $(echo err >&2) 2>/dev/null
x=$(echo hidden >f)
echo "[$x]" $(cat f)
--- stdout

[] hidden
### reading a file
printf 'a b\n' >f
echo $(cat f) "$(cat <f)"
--- stdout
a b a b
### loops inside
echo $(for i in 1 2 3; do echo $i; done)
--- stdout
1 2 3
### in a case
case $(echo abc) in a*) echo yes;; esac
--- stdout
yes
### deep nesting
echo $(echo $(echo $(echo $(echo $(echo $(echo 6))))))
--- stdout
6
