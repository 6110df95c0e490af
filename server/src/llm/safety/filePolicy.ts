/** Which files may be sent: glob patterns, deny before allow. */

export interface FilePolicy {
  /** Empty: every file that is not denied. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export const defaultFilePolicy: FilePolicy = {
  allow: [],
  deny: ['**/.env', '**/.env.*', '**/*secret*', '**/*credential*', '**/*.pem', '**/*.key', '**/.ssh/**', '**/id_rsa*'],
};

/** Null when the file (path relative to the workspace) may be sent, else the reason. */
export function refusedFile(file: string, policy: FilePolicy): string | null {
  const path = file.replace(/\\/g, '/').replace(/^\.\//, '');
  const denied = policy.deny.find((glob) => matches(path, glob));
  if (denied !== undefined) return `${file} may not be sent: it matches the deny pattern ${denied}`;
  if (policy.allow.length > 0 && !policy.allow.some((glob) => matches(path, glob)))
    return `${file} may not be sent: it matches none of the allow patterns`;
  return null;
}

/** `**` any folders, `*` within a name, `?` one character. Case does not matter. */
export function matches(path: string, glob: string): boolean {
  let known = patterns.get(glob);
  if (known === undefined) {
    known = patternOf(glob);
    patterns.set(glob, known);
  }
  return known.test(path);
}

const patterns = new Map<string, RegExp>();

function patternOf(glob: string): RegExp {
  let pattern = '';
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!;
    if (c === '*' && glob[i + 1] === '*') {
      i++;
      if (glob[i + 1] === '/') {
        i++;
        pattern += '(?:.*/)?';
      } else pattern += '.*';
    } else if (c === '*') pattern += '[^/]*';
    else if (c === '?') pattern += '[^/]';
    else pattern += c.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${pattern}$`, 'i');
}
