/** `mask`: the shape is shared and nothing that could be read. `block`: an empty box of the same size, or nothing. */
export type Visibility = 'show' | 'mask' | 'block';
