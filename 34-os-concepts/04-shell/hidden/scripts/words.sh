### a quote inside the other
echo "'" '"' "a'b'c" 'a"b"c'
--- stdout
' " a'b'c a"b"c
### a backslash in double quotes before what it does not quote
printf '%s\n' "a\qb" "\*" "\'" "\~"
--- stdout
a\qb
\*
\'
\~
### a word that ends in a backslash at the end
printf '%s\n' a\\
--- stdout
a\
### a newline after a backslash in double quotes
echo "one \
two"
--- stdout
one two
### a newline after a backslash in single quotes
echo 'one \
two'
--- stdout
one \
two
### a continuation in the middle of an operator
true &\
& echo yes
echo a >\
>f; cat f
--- stdout
yes
a
### a continuation in a name
hello=1
echo $hel\
lo
--- stdout
1
### an assignment is a literal name
a=1 b=2
echo $a$b
1a=x 2>/dev/null
echo $?
--- stdout
12
127
### what looks like an assignment behind the name
echo a=1 b=2
--- stdout
a=1 b=2
### quotes in front make no assignment
'a'=1 2>/dev/null
echo $?
--- stdout
127
### quoted reserved words are commands
\if true 2>/dev/null
echo $?
--- stdout
127
### an empty command name is not found
'' 2>/dev/null
echo $?
--- stdout
127
### a dollar that begins nothing
echo $ a$ "$" $% "a$"
--- stdout
$ a$ $ $% a$
### bytes that are no UTF-8
printf 'a\377b\n' | { read x; printf '%s' "$x" | wc -c | tr -d ' '; }
--- stdout
3
### only a comment
# nothing
--- stdout
### no text at all
:
--- stdout
### a comment behind a list
true && # here
echo yes
--- stdout
yes
### a syntax error
echo before
if then
echo after
--- stdout
before
--- status 2
### an operator with nothing before it
echo before
&& echo after
--- stdout
before
--- status 2
### an unterminated quote
echo before
echo 'after
--- stdout
before
--- status 2
### a closing word that closes nothing
echo before
done
--- stdout
before
--- status 2
### an unclosed group
echo before
{ echo a
--- stdout
before
--- status 2
### a parenthesis too many
echo before
echo a )
--- stdout
before
--- status 2
### an error in an inner text is an error of eval
(eval 'if') 2>/dev/null
test $? -ne 0 && echo failed
--- stdout
failed
### carriage of a long word
x=0123456789
x=$x$x$x$x$x$x$x$x$x$x
x=$x$x$x$x$x$x$x$x$x$x
x=$x$x$x$x$x$x$x$x$x$x
x=$x$x$x$x$x$x$x$x$x$x
echo ${#x}
--- stdout
100000
### a hash behind a separator
echo a;#b
(echo c)#d
echo e
--- stdout
a
c
e
