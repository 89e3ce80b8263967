/**
 * A whole cluster in this JVM: placement driver, stores, clients, without sockets unless asked for.
 *
 * <p>{@link dev.kittiwake.embedded.LocalCluster} is for applications that want a database without a
 * server, for tests (stores can be killed and started again), and for the playground, which also
 * opens ports. Within the JVM, requests and raft messages are handed over as objects. A store has
 * two threads, a loop that also applies and a log writer; timer, background and request threads are
 * shared. Everything else is what separate processes run.
 */
package dev.kittiwake.embedded;
