/**
 * A whole cluster in this JVM: placement driver, stores, clients, without sockets unless asked for.
 *
 * <p>{@link dev.kittiwake.embedded.LocalCluster} is for applications that want a database without a
 * server, for tests (stores can be killed and started again), and for the playground, which also
 * opens ports. Within the JVM, requests and raft messages are handed over as objects; everything
 * else is what separate processes run.
 */
package dev.kittiwake.embedded;
