/** seedrandom ships Alea as a file of its own: small, and no `crypto` at start. */
declare module 'seedrandom/lib/alea' {
  interface State {
    readonly c: number;
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
  }
  export default function alea(seed: string): () => number;
  /** With `state()`, which gives what the stream has come to. */
  export default function alea(
    seed: string,
    options: { readonly state: true },
  ): { (): number; state(): State };
}
