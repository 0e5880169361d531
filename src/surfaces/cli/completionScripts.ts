export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Each asks the program itself what fits, so that a script never grows stale. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_memory_central() {
  local IFS=$'\\n'
  COMPREPLY=($(memory-central __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _memory_central memory-central
`,
  zsh: `#compdef memory-central
_memory_central() {
  local -a found
  local line
  while IFS=$'\\t' read -r word about; do
    found+=("\${word//:/\\\\:}:$about")
  done < <(memory-central __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe 'memory-central' found; else _files; fi
}
if [ "$funcstack[1]" = "_memory_central" ]; then _memory_central "$@"; else compdef _memory_central memory-central; fi
`,
  fish: `function __memory_central
  set -l words (commandline -opc) (commandline -ct)
  memory-central __complete $words[2..-1] 2>/dev/null
end
complete -c memory-central -f -a '(__memory_central)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName memory-central -ScriptBlock {
  param($word, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '' }
  memory-central __complete @words 2>$null | ForEach-Object {
    $name, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $about)
  }
}
`,
};

const INSTALL: Readonly<Record<Shell, string>> = {
  bash: '# Put this into ~/.bashrc: eval "$(memory-central completion bash)"\n',
  zsh: '',
  fish: '# Save as ~/.config/fish/completions/memory-central.fish\n',
  powershell:
    '# Put this into $PROFILE: memory-central completion powershell | Out-String | Invoke-Expression\n',
};

export function completionScript(shell: Shell): string {
  return INSTALL[shell] + SCRIPTS[shell];
}
