package dev.kittiwake.proto.key;

/**
 * The keys from {@code start} (inclusive) to {@code end} (exclusive); an empty {@code end} means no
 * upper bound.
 */
public record KeyRange(Key start, Key end) {
  public static final KeyRange ALL = new KeyRange(Key.EMPTY, Key.EMPTY);

  /** All keys that start with {@code prefix}. */
  public static KeyRange prefix(Key prefix) {
    return new KeyRange(prefix, prefix.prefixEnd());
  }

  public boolean contains(Key key) {
    return key.compareTo(start) >= 0 && (end.isEmpty() || key.compareTo(end) < 0);
  }

  /** Whether no key lies in this range. */
  public boolean isEmpty() {
    return !end.isEmpty() && start.compareTo(end) >= 0;
  }

  public boolean overlaps(KeyRange other) {
    return (end.isEmpty() || other.start.compareTo(end) < 0)
        && (other.end.isEmpty() || start.compareTo(other.end) < 0);
  }

  /** The keys that lie in both ranges (possibly none: see {@link #isEmpty}). */
  public KeyRange intersection(KeyRange other) {
    Key from = start.compareTo(other.start) >= 0 ? start : other.start;
    Key to =
        end.isEmpty()
            ? other.end
            : other.end.isEmpty() || end.compareTo(other.end) <= 0 ? end : other.end;
    return new KeyRange(from, to);
  }
}
