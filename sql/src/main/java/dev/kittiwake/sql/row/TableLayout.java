package dev.kittiwake.sql.row;

import java.util.List;

/**
 * A table as the codecs see it: made once for each version of its schema. Immutable.
 *
 * <p>Columns are addressed by position within {@link #columns}. A table without primary key has one
 * more at the end: its hidden row id, an integer key column.
 */
public final class TableLayout {
  /** What the handle of a row is. */
  public enum HandleKind {
    /** One integer primary key column, or the hidden row id. */
    INTEGER,
    /** The primary key columns as datums. */
    COMMON
  }

  final long id;
  final ColumnLayout[] columns;
  final int[] keyColumns; // positions of the primary key columns, in key order
  final int[] keyPosition; // by column: its place within the key, or -1
  final HandleKind handleKind;
  final int[] storedOrder; // columns that rows hold, by rising id
  final int[] storedIndex; // by column: its place in storedOrder, or -1
  final boolean largeIds; // some id > 255
  private final List<IndexLayout> indexes;

  /**
   * @param keyColumns positions of the columns that rows are stored by, at least one
   */
  public TableLayout(
      long id, List<ColumnLayout> columns, int[] keyColumns, List<IndexLayout> indexes) {
    this.id = id;
    this.columns = columns.toArray(new ColumnLayout[0]);
    this.keyColumns = keyColumns.clone();
    this.indexes = List.copyOf(indexes);
    this.handleKind = handleKind(this.columns, keyColumns);
    this.keyPosition = new int[this.columns.length];
    java.util.Arrays.fill(keyPosition, -1);
    for (int i = 0; i < keyColumns.length; i++) {
      keyPosition[keyColumns[i]] = i;
    }
    this.storedOrder =
        java.util.stream.IntStream.range(0, this.columns.length)
            .filter(at -> keyPosition[at] < 0)
            .boxed()
            .sorted(java.util.Comparator.comparingInt(at -> this.columns[at].id()))
            .mapToInt(Integer::intValue)
            .toArray();
    this.storedIndex = new int[this.columns.length];
    java.util.Arrays.fill(storedIndex, -1);
    boolean large = false;
    for (int i = 0; i < storedOrder.length; i++) {
      storedIndex[storedOrder[i]] = i;
      large |= this.columns[storedOrder[i]].id() > 255;
    }
    this.largeIds = large;
  }

  private static HandleKind handleKind(ColumnLayout[] columns, int[] keyColumns) {
    if (keyColumns.length == 0) {
      throw new IllegalArgumentException("a table needs a key");
    }
    boolean integer =
        keyColumns.length == 1 && columns[keyColumns[0]].type().kind() == StorageType.Kind.INTEGER;
    return integer ? HandleKind.INTEGER : HandleKind.COMMON;
  }

  public long id() {
    return id;
  }

  public int width() {
    return columns.length;
  }

  public ColumnLayout column(int position) {
    return columns[position];
  }

  /** Positions of the primary key columns; not to be changed. */
  public int[] keyColumns() {
    return keyColumns;
  }

  public HandleKind handleKind() {
    return handleKind;
  }

  /** Whether handles are 8 bytes. */
  public boolean hasIntegerHandle() {
    return handleKind == HandleKind.INTEGER;
  }

  public boolean isKeyColumn(int position) {
    return keyPosition[position] >= 0;
  }

  public List<IndexLayout> indexes() {
    return indexes;
  }

  public IndexLayout index(long indexId) {
    for (IndexLayout index : indexes) {
      if (index.id() == indexId) {
        return index;
      }
    }
    throw new IllegalArgumentException("table " + id + " has no index " + indexId);
  }
}
