### a variable
x=hello
echo $x ${x} "$x" '$x'
--- stdout
hello hello hello $x
### an unset variable is nothing
printf '[%s]' a $nothing b; echo
printf '[%s]' a "$nothing" b; echo
--- stdout
[a][b]
[a][][b]
### braces end a name
x=a
echo ${x}b $xb
--- stdout
ab
### the default of an unset variable
echo ${x-default} ${x:-default}
x=
echo "[${x-default}]" "[${x:-default}]"
--- stdout
default default
[] [default]
### assigning a default
echo ${x=one} $x
y=
echo ${y:=two} $y
--- stdout
one one
two two
### an alternative
x=1 y=
echo "[${x+set}]" "[${y+set}]" "[${y:+set}]" "[${z+set}]"
--- stdout
[set] [set] [] []
### the length
x=hello
echo ${#x} ${#nothing}
--- stdout
5 0
### trimming the end
f=archive.tar.gz
echo ${f%.*} ${f%%.*}
--- stdout
archive.tar archive
### trimming the beginning
p=/usr/local/bin
echo ${p#*/} ${p##*/}
--- stdout
usr/local/bin bin
### positional parameters
set -- a 'b c' d
echo $1 "$2" $3 $#
--- stdout
a b c d 3
### all parameters
set -- a 'b c' d
printf '[%s]' "$@"; echo
printf '[%s]' "$*"; echo
printf '[%s]' $@; echo
--- stdout
[a][b c][d]
[a b c d]
[a][b][c][d]
### two digits need braces
set -- a b c d e f g h i j k
echo $10 ${10} ${11}
--- stdout
a0 j k
### the status
false
echo $?
true
echo $?
--- stdout
1
0
### shift
set -- a b c
shift
echo $1 $#
shift 2
echo $#
--- stdout
b 2
0
### values are not expanded again
x='$HOME *'
echo "$x"
--- stdout
$HOME *
### assignment takes one word
x='a   b'
y=$x
echo "$y"
--- stdout
a   b
### an error for an unset variable
(echo ${x?}) 2>/dev/null
echo $?
--- stdout
2
### assignments before a command
x=1
x=2 sh -c 'echo $x'
echo $x
--- stdout
2
1
