/** seedrandom ships Alea as a file of its own: small, and no `crypto` at start. */
declare module 'seedrandom/lib/alea' {
  export default function alea(seed: string): () => number;
}
