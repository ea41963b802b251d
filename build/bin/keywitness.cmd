@echo off
rem The `keywitness` command of the installed app: the app itself, told to be a command.
"%~dp0..\..\Keywitness.exe" --keywitness-command %*
exit /b %ERRORLEVEL%
