/**
 * What a caller hears. `file` is a path below `sounds/` without extension, `builtin` a sound the switch brings along
 * (Asterisk core sounds), the rest is spoken by the switch in the command's language.
 */
export type Media =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'digits'; readonly value: string }
  | { readonly kind: 'tone'; readonly name: 'ring' | 'busy' | 'congestion' | 'beep' };
