a > f; b 2>$null; c >> g
i`e`x 'a'
powershell -nop -w hidden -EncodedCommand dwBoAG8A
powershell { a }
cmd /c "a b"
Start-Process powershell -ArgumentList '-enc','dwBoAG8A' -WindowStyle Hidden
