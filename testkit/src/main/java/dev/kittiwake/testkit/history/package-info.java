/**
 * What clients asked and what they were told, in the order in which it happened.
 *
 * <p>A {@link dev.kittiwake.testkit.history.History} records {@link
 * dev.kittiwake.testkit.history.Operation operations}: an {@link
 * dev.kittiwake.testkit.history.Action} was asked for by a process, and it ended in one of three
 * ways that must never be mixed: it is known to have happened (with an {@link
 * dev.kittiwake.testkit.history.Answer}), it is known not to have happened, or nobody knows. An
 * operation nobody knows about may still take effect long after the client gave up.
 *
 * <p>Values written must be unique for their key, so that a judge can tell which write a read saw.
 *
 * <p>Histories are written and read as EDN in the shape of Jepsen's histories ({@link
 * dev.kittiwake.testkit.history.Edn}) and as lines of JSON ({@link
 * dev.kittiwake.testkit.history.JsonLines}), for judges outside of this project. Nothing here needs
 * JUnit.
 */
package dev.kittiwake.testkit.history;
