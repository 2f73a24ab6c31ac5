### blanks separate words
echo   one	two    three
--- stdout
one two three
### single quotes keep everything
echo 'a  b' '$HOME' '\' '"'
--- stdout
a  b $HOME \ "
### double quotes keep blanks
echo "a  b" "it's"
--- stdout
a  b it's
### a backslash quotes one byte
echo a\ \ b \$HOME \\ \"
--- stdout
a  b $HOME \ "
### quotes join with their neighbours
echo a'b'"c"\d
--- stdout
abcd
### backslashes in double quotes
printf '%s\n' "\$x \\ \" \a \'"
--- stdout
$x \ " \a \'
### empty quotes are a word
printf '[%s]' '' "" a; echo
--- stdout
[][][a]
### a line continues behind a backslash
echo one \
two th\
ree
--- stdout
one two three
### comments end at the line
echo a # b 'c
echo d#e
--- stdout
a
d#e
### a newline in quotes is kept
echo 'a
b' "c
d"
--- stdout
a
b c
d
### operators need no blanks
echo a;echo b&&echo c||echo d
--- stdout
a
b
c
### reserved words are words elsewhere
echo if then fi done { }
--- stdout
if then fi done { }
### a command that is not there
definitely-not-there
echo $?
--- stdout
127
### semicolons between commands
echo a; echo b; echo c;
--- stdout
a
b
c
### a hash inside a word
echo a#b 'c'#d
--- stdout
a#b c#d
