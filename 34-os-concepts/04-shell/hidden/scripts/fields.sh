### white space around marks
IFS=' :'
x=' a : b  c::d : '
printf '[%s]' $x; echo
--- stdout
[a][b][c][][d]
### a mark at the beginning and at the end
IFS=:
x=:a:
printf '[%s]' $x; echo
x=::
printf '[%s]' $x; echo
--- stdout
[][a]
[][]
### fields that join across expansions
x='a b' y='c d'
printf '[%s]' $x$y; echo
--- stdout
[a][bc][d]
### a separator between two expansions
x='a ' y=' b'
printf '[%s]' $x$y "$x"$y; echo
--- stdout
[a][b][a ][b]
### an empty expansion beside quotes
x=
printf '[%s]' $x"" ""$x $x; echo
--- stdout
[][]
### letters as separators
IFS=xy
v=1x2y3
printf '[%s]' $v; echo
--- stdout
[1][2][3]
### IFS set in the same command comes too late
x=a:b
IFS=: printf '[%s]' $x; echo
--- stdout
[a:b]
### a substitution is split too
IFS=,
printf '[%s]' $(echo a,b c); echo
--- stdout
[a][b c]
### newlines and tabs
x=$(printf 'a\tb\nc')
printf '[%s]' $x; echo
--- stdout
[a][b][c]
### splitting comes before patterns
touch 'a b' a b
x='a b'
printf '[%s]' $x; echo
printf '[%s]' a*; echo
--- stdout
[a][b]
[a][a b]
### names with special bytes
touch 'a*b' axb
echo a\*b a'*'* a*b
--- stdout
a*b a*b a*b axb
### a bracket without its end
touch '[a'
echo [a [
--- stdout
[a [
### a bracket first in brackets
touch ']' a
echo []] []a]
--- stdout
] ] a
### a dash in brackets
touch - a b c
echo [a-b] [a-] [-a]
--- stdout
a b a a
### negation
touch a b c
echo [!ab] [!a-b]
--- stdout
c c
### a class
touch a1 ab A1
echo a[[:digit:]] [[:upper:]]*
--- stdout
a1 A1
### a backslash in brackets
touch 'a-' ab
echo a[\-]
--- stdout
a-
### directories and slashes
mkdir -p d/e
touch d/e/f
echo d/*/f */*/* d//e/*
--- stdout
d/e/f d/e/f d//e/f
### a dot is not matched by a pattern
touch .a b
echo ?a [.]a *
--- stdout
?a [.]a b
### a directory is not searched through a file
touch f
mkdir d
touch d/x
echo */x
--- stdout
d/x
### sorted by bytes
touch B a C b
echo *
--- stdout
B C a b
### a pattern in a redirection is a name
echo x >*.none
ls | cat
--- stdout
*.none
### a pattern in an assignment is text
touch a b
x=*
echo "$x"
--- stdout
*
### a pattern in a case word is text
touch a b
case * in '*') echo star;; esac
--- stdout
star
### patterns in for
touch x1 x2
for f in x*; do echo "<$f>"; done
--- stdout
<x1>
<x2>
### patterns of a case
for x in a.c .hidden a/b '[x]' '*' 'a b'; do
  case $x in
    *.c) echo source;;
    .*) echo dot;;
    */*) echo slash;;
    \[*\]) echo bracket;;
    '*') echo star;;
    *' '*) echo blank;;
  esac
done
--- stdout
source
dot
slash
bracket
star
blank
### a quoted variable in a pattern
p='a*'
case abc in "$p") echo text;; $p) echo pattern;; esac
--- stdout
pattern
### a backslash in a variable's pattern
p='\*'
case '*' in $p) echo star;; *) echo other;; esac
--- stdout
star
### many stars
x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
case $x in *a*a*b) echo yes;; *) echo no;; esac
--- stdout
no
### a tilde only at the beginning
HOME=/h
echo x~ '~' \~ ~/ "~/"
x=~
echo $x ${y:-~}
--- stdout
x~ ~ ~ /h/ ~/
/h /h
### a home with blanks is one field
HOME='/a b'
printf '[%s]' ~/c; echo
--- stdout
[/a b/c]
### tildes behind colons
HOME=/h
x=a:~:~/b:c~
echo $x
--- stdout
a:/h:/h/b:c~
