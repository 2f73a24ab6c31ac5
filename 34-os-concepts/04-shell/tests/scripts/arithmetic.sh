### sums
echo $((1+2)) $(( 7 - 10 )) $((2*3+4)) $((2*(3+4)))
--- stdout
3 -3 10 14
### division
echo $((7/2)) $((7%3)) $((-7/2)) $((-7%3))
--- stdout
3 1 -3 -1
### variables need no dollar
x=5
echo $((x+1)) $(($x+1)) $((nothing+1))
--- stdout
6 6 1
### assignment
echo $((x=5)) $x
echo $((x+=2)) $((x*=3)) $x
--- stdout
5 5
7 21 21
### comparison
echo $((1<2)) $((2<=1)) $((3==3)) $((3!=3)) $((3>2))
--- stdout
1 0 1 0 1
### logic
echo $((1&&0)) $((1||0)) $((!5)) $((!0))
--- stdout
0 1 0 1
### bits
echo $((6&3)) $((6|3)) $((6^3)) $((~0)) $((1<<4)) $((256>>4))
--- stdout
2 7 5 -1 16 16
### a condition
echo $((1?2:3)) $((0?2:3))
--- stdout
2 3
### bases
echo $((0x1f)) $((010)) $((10))
--- stdout
31 8 10
### counting
i=0
while [ $i -lt 5 ]; do i=$((i+1)); done
echo $i
--- stdout
5
### precedence
echo $((2+3*4-6/2)) $((1|2^3&4)) $((1+1<<1)) $((1<2==1))
--- stdout
11 3 4 1
### unary signs
echo $((-5)) $((- -5)) $((+5)) $((3- -2))
--- stdout
-5 5 5 5
### an expansion inside
x='1 + 2'
echo $(($x * 2)) $(( $(echo 4) + 1 ))
--- stdout
5 5
