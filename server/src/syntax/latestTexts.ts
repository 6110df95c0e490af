/** What was made of the texts that were asked for last: one per open file is what a keystroke needs. */
export class LatestTexts<Made> {
  /** The last first. */
  private readonly last: { readonly text: string; readonly made: Made }[] = [];

  constructor(
    private readonly most: number,
    private readonly make: (text: string) => Made,
  ) {}

  of(text: string): Made {
    const { last } = this;
    const at = last.findIndex((one) => one.text === text);
    const found = at < 0 ? { text, made: this.make(text) } : last.splice(at, 1)[0]!;
    last.unshift(found);
    if (last.length > this.most) last.pop();
    return found.made;
  }
}
