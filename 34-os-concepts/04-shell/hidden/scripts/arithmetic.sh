### the largest numbers
echo $((9223372036854775807)) $((-9223372036854775807-1))
--- stdout
9223372036854775807 -9223372036854775808
### numbers wrap around
echo $((9223372036854775807+1))
--- stdout
-9223372036854775808
### division by zero
echo before
echo $((1/0))
echo after
--- stdout
before
--- status 2
### the remainder by zero
echo before
echo $((1%0))
--- stdout
before
--- status 2
### what is not evaluated cannot fail
echo $((0 && 1/0)) $((1 || 1/0)) $((1 ? 2 : 1/0))
--- stdout
0 1 2
### what is not evaluated assigns nothing
x=1
echo $((0 && (x=5))) $((1 || (x=6))) $((1 ? 2 : (x=7))) $x
--- stdout
0 1 2 1
### an expression that ends too early
echo before
echo $((1+))
--- stdout
before
--- status 2
### two numbers without an operator
echo before
echo $((1 2))
--- stdout
before
--- status 2
### all assignments
x=20
echo $((x/=3)) $((x%=4)) $((x-=5)) $((x<<=3)) $((x>>=1)) $((x|=5)) $((x&=6)) $((x^=3)) $x
--- stdout
6 2 -3 -24 -12 -11 4 7 7
### assignments group to the right
echo $((a=b=3)) $a $b
--- stdout
3 3 3
### conditions group to the right
echo $((0?1:0?2:3)) $((1?0?4:5:6))
--- stdout
3 5
### subtraction groups to the left
echo $((10-3-2)) $((100/5/2)) $((2<<1<<1))
--- stdout
5 10 8
### hexadecimal letters
echo $((0xAb)) $((0XfF))
--- stdout
171 255
### a value that is no number
x=abc
echo before
echo $((x+1))
--- stdout
before
--- status 2
### a value with a sign and blanks
x=' -5 '
echo $((x+1))
--- stdout
-4
### parentheses in parentheses
echo $((((1+2))*((3))))
--- stdout
9
### shifts of negative numbers
echo $((-8>>1)) $((-1<<3))
--- stdout
-4 -8
### logic gives one or zero
echo $((5&&7)) $((5||0)) $((!-3))
--- stdout
1 1 0
### newlines and blanks
echo $((
1
+
2
))
--- stdout
3
### quotes around
echo "$((1+1))" "a$((2*2))b"
--- stdout
2 a4b
### a readonly variable
readonly r=1
echo before
echo $((r=2))
--- stdout
before
--- status 2
### octal with a digit too large
echo before
echo $((09))
--- stdout
before
--- status 2
### split by IFS
IFS=2
echo $((123)) "$((123))"
--- stdout
1 3 123
