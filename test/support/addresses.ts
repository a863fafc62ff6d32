/** An address of a server that nobody has to answer. */
export const aServersAddress = 'postgres://toroku@127.0.0.1:1/toroku'
