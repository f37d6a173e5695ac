/**
 * What a caller hears. `file` is a path below `sounds/` without extension, `builtin` one of the words and digits that the
 * switch brings along. Numbers, dates and sums are files too, one a piece: `call/say` knows which.
 */
export type Media =
  | { readonly kind: 'file'; readonly path: string }
  /** What a caller said, by the name under which it is kept. */
  | { readonly kind: 'recording'; readonly name: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'tone'; readonly name: 'ring' | 'busy' | 'congestion' | 'beep' };
