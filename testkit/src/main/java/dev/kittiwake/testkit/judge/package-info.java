/**
 * Judges of histories: does what the clients saw agree with what was promised?
 *
 * <p>A {@link dev.kittiwake.testkit.judge.Judge} reads a {@link
 * dev.kittiwake.testkit.history.History} and returns a {@link dev.kittiwake.testkit.judge.Verdict}:
 * the promise holds as far as the history can show, or a {@link dev.kittiwake.testkit.judge.Rule}
 * is broken, with a sentence for people and the fewest operations that show it. Judges look only at
 * the actions they know, so one history of several workloads can be given to all of them.
 */
package dev.kittiwake.testkit.judge;
