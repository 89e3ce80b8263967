/**
 * A network between local processes that can be broken without being root: every server advertises
 * a {@link dev.kittiwake.cli.chaos.network.Gate} instead of its own port, and each gate asks a
 * {@link dev.kittiwake.cli.chaos.network.Link} for each direction before it passes bytes on. Who
 * connects is found by the kernel's table of sockets ({@link
 * dev.kittiwake.cli.chaos.network.SocketOwners}).
 */
package dev.kittiwake.cli.chaos.network;
