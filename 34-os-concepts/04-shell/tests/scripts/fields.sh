### blanks split an expansion
x=' a  b c '
printf '[%s]' $x; echo
--- stdout
[a][b][c]
### quotes do not
x=' a  b '
printf '[%s]' "$x"; echo
--- stdout
[ a  b ]
### an IFS of one byte
IFS=:
x=a:b::c
printf '[%s]' $x; echo
--- stdout
[a][b][][c]
### typed blanks are not split by IFS
IFS=:
printf '[%s]' a:b; echo
--- stdout
[a:b]
### an empty IFS splits nothing
IFS=
x='a b'
printf '[%s]' $x; echo
--- stdout
[a b]
### the star joins with IFS
IFS=,
set -- a b c
echo "$*"
--- stdout
a,b,c
### an expansion next to text
x='1 2'
printf '[%s]' a${x}b; echo
--- stdout
[a1][2b]
### a pattern of files
touch b.txt a.txt c.md
echo *.txt
--- stdout
a.txt b.txt
### a question mark and brackets
touch f1 f2 f3 g1
echo f? f[12] [!f]1
--- stdout
f1 f2 f3 f1 f2 g1
### no match keeps the pattern
echo *.nothing
--- stdout
*.nothing
### quoted patterns are text
touch a.txt
echo '*.txt' "*.txt" \*.txt
--- stdout
*.txt *.txt *.txt
### hidden files
touch .hidden seen
echo *
echo .h*
--- stdout
seen
.hidden
### a pattern in a directory
mkdir d e
touch d/x e/x e/y
echo */x d/* */
--- stdout
d/x e/x d/x d/ e/
### a pattern out of a variable
touch a1 a2
p='a*'
echo $p "$p"
--- stdout
a1 a2 a*
### a tilde
HOME=/home/me
echo ~ ~/x "~" a~
--- stdout
/home/me /home/me/x ~ a~
### a tilde in an assignment
HOME=/home/me
x=~/a:~/b
echo $x
--- stdout
/home/me/a:/home/me/b
