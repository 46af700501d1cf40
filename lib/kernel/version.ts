/** The version in package.json; a spec holds the two equal. */
export const version = '0.1.0'
