@echo off
rem The plugin, as the Pulumi engine starts it on Windows.
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-fudo requires Node.js 22.19 or newer, and there is no `node` on PATH. Install Node.js, or put it on PATH. 1>&2
  exit /b 1
)
node "%~dp0dist\provider\plugin\command.js" %*
