/**
 * Golden scripts: a test is a text file with input above {@code ---} and the expected output below
 * it.
 *
 * <p>A file holds one or more cases. A case starts with its claim, a line {@code # ...}; the claim
 * is the name of the test. What follows up to {@code ---} is the input, what follows up to the next
 * line that starts with {@code #} is the expected output:
 *
 * <pre>
 * # A lock wait that would close a cycle is refused.
 * t1: lock a
 * t2: lock a        # a comment, not part of the input
 * ---
 * t2: waiting for t1 on a
 * </pre>
 *
 * <p>{@link dev.kittiwake.testkit.script.Scripts} runs all files below a directory; with {@code
 * -Drewrite=true} it writes what it saw into the files instead: read the difference line by line
 * before you commit it.
 */
package dev.kittiwake.testkit.script;
