package dev.kittiwake.testkit.history;

/**
 * One step of a transaction. Lists are only appended to; registers are written as a whole; both
 * hold numbers that are unique for their key.
 */
public sealed interface Step {
  String key();

  /** Appends {@code element} to the list. */
  record Append(String key, long element) implements Step {}

  /** Reads the whole list; {@code locking} is {@code FOR UPDATE}. Seen: {@link Seen.Elements}. */
  record ReadList(String key, boolean locking) implements Step {
    public ReadList(String key) {
      this(key, false);
    }
  }

  /** Replaces what is there without reading it. */
  record WriteRegister(String key, long value) implements Step {}

  /** Reads a register; {@code locking} is {@code FOR UPDATE}. Seen: {@link Seen.Register}. */
  record ReadRegister(String key, boolean locking) implements Step {
    public ReadRegister(String key) {
      this(key, false);
    }
  }

  /**
   * Adds one to a counter that starts at nothing, in one statement. Seen: {@link Seen.Register}
   * with the new value, or {@link Seen.Nothing} if the statement does not tell.
   */
  record Increment(String key) implements Step {}
}
