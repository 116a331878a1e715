a | b > f 2>nul
a >> f && b || c
start "" /b a b
start "t" "C:\x y.exe"
