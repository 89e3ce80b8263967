package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/**
 * One node of a physical plan. A plan is a tree of values: immutable, free of state, shared by all
 * executions of a cached statement; the execution makes one operator per node.
 *
 * <p>Nodes that read a table say by {@code columns} which ordinals of the table they yield, in that
 * order (the ordinal {@code table.columns().size()} is the hidden row id). Their {@code filter}
 * speaks of this yielded row and must be true for a row to come out; what the key already
 * guarantees is not repeated in it. {@code estimatedRows} is the planner's guess, for EXPLAIN and
 * for sizing buffers; never needed for correctness.
 */
public sealed interface PhysicalPlan {
  /** The columns of the rows it yields. Modifications yield none: their result is a count. */
  List<PlanColumn> columnsOut();

  /** The nodes it pulls rows from, in the order of their columns. */
  default List<PhysicalPlan> inputs() {
    return List.of();
  }

  /** The planner's guess of the number of rows. */
  double estimatedRows();

  /** Calls the method of {@code visitor} that belongs to this node. */
  <R> R accept(PlanVisitor<R> visitor);

  /** A node that reads one table by key. */
  sealed interface Access extends PhysicalPlan {
    /** The table it reads. */
    TableSchema table();

    /** The secondary index it goes by; empty: the primary key. */
    Optional<IndexSchema> index();

    /** Ordinals of the table's columns it yields. */
    List<Integer> columns();

    /** The condition on the yielded row that the key does not already guarantee. */
    Optional<RexNode> filter();

    @Override
    default List<PlanColumn> columnsOut() {
      return columnsOf(table(), columns());
    }
  }

  /** The columns of rows that hold the given ordinals of a table. */
  static List<PlanColumn> columnsOf(TableSchema table, List<Integer> ordinals) {
    return ordinals.stream()
        .map(o -> new PlanColumn(table.nameOf(o), table.typeOf(o), table.nullable(o)))
        .toList();
  }

  /** The complete rows of a table: every column, then the hidden row id if there is one. */
  static List<Integer> allOrdinals(TableSchema table) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < table.rowWidth(); i++) {
      all.add(i);
    }
    return all;
  }

  /**
   * At most one row, by all columns of the primary key or of a unique index.
   *
   * @param key one value per key column, of the column's type, without columns of the row; a NULL
   *     finds nothing
   */
  record PointGet(
      TableSchema table,
      Optional<IndexSchema> index,
      List<Integer> columns,
      List<RexNode> key,
      Optional<RexNode> filter)
      implements Access {
    public PointGet {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
    }

    @Override
    public double estimatedRows() {
      return 1;
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.pointGet(this);
    }
  }

  /**
   * Several rows by complete keys, as several {@link PointGet}s; equal keys yield their row once.
   * In no order.
   */
  record BatchPointGet(
      TableSchema table,
      Optional<IndexSchema> index,
      List<Integer> columns,
      List<List<RexNode>> keys,
      Optional<RexNode> filter)
      implements Access {
    public BatchPointGet {
      columns = List.copyOf(columns);
      keys = keys.stream().map(List::copyOf).toList();
    }

    @Override
    public double estimatedRows() {
      return keys.size();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.batchPointGet(this);
    }
  }

  /**
   * Rows in primary key order.
   *
   * @param ranges on the primary key. Their values are known only at execution, so they may overlap
   *     and come in any order: the operator encodes, sorts and merges them, so that each row comes
   *     once and in key order
   * @param reverse from the largest key down
   * @param limit no more rows than this (a number, not NULL) are needed; a hint for the size of
   *     batches
   */
  record TableScan(
      TableSchema table,
      List<Integer> columns,
      List<KeyRange> ranges,
      boolean reverse,
      Optional<RexNode> filter,
      Optional<RexNode> limit,
      double estimatedRows)
      implements Access {
    public TableScan {
      columns = List.copyOf(columns);
      ranges = List.copyOf(ranges);
    }

    @Override
    public Optional<IndexSchema> index() {
      return Optional.empty();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.tableScan(this);
    }
  }

  /**
   * Rows in index order.
   *
   * @param covering whether index entries alone hold all {@code columns} (an entry holds the
   *     indexed columns and the key of the row); otherwise rows are fetched in batches by the keys
   *     found, keeping the index order
   * @param ranges on the index columns (followed by the row's key if the index is not unique); see
   *     {@link TableScan}
   */
  record IndexScan(
      TableSchema table,
      IndexSchema usedIndex,
      List<Integer> columns,
      boolean covering,
      List<KeyRange> ranges,
      boolean reverse,
      Optional<RexNode> filter,
      Optional<RexNode> limit,
      double estimatedRows)
      implements Access {
    public IndexScan {
      columns = List.copyOf(columns);
      ranges = List.copyOf(ranges);
    }

    @Override
    public Optional<IndexSchema> index() {
      return Optional.of(usedIndex);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.indexScan(this);
    }
  }

  /**
   * Runs {@code input}, which reads several tables, on the newest data and locks every row of a
   * table that it read (and that passed the condition on that table alone). Rows are yielded once
   * all of them are locked and none has changed since it was read.
   */
  record LockReads(PhysicalPlan input, LockWait lockWait) implements PhysicalPlan {
    @Override
    public List<PlanColumn> columnsOut() {
      return input.columnsOut();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public double estimatedRows() {
      return input.estimatedRows();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.lockReads(this);
    }
  }

  /**
   * Locks each row of {@code input} for this transaction and yields it as it is <em>now</em>. After
   * locking, the newest committed row counts: it is dropped if it is gone or if {@code condition}
   * no longer holds for it. A lock taken for a row that is then dropped may stay. Over a {@link
   * PointGet} by primary key this is one lock request that returns the value. Pulls (and so locks)
   * only rows that are asked of it.
   *
   * @param input reads the table; its row holds at least the row's key
   * @param condition the whole condition of the statement on the row, keys included, over the
   *     yielded row
   */
  record LockRows(Access input, Optional<RexNode> condition, LockWait lockWait)
      implements PhysicalPlan {
    @Override
    public List<PlanColumn> columnsOut() {
      return input.columnsOut();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public double estimatedRows() {
      return input.estimatedRows();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.lockRows(this);
    }
  }

  /**
   * The given rows: constants, parameters, functions of them. No rows: an empty result; no columns:
   * {@code SELECT 1}'s source.
   */
  record Values(List<PlanColumn> columnsOut, List<List<RexNode>> rows) implements PhysicalPlan {
    public Values {
      columnsOut = List.copyOf(columnsOut);
      rows = rows.stream().map(List::copyOf).toList();
    }

    @Override
    public double estimatedRows() {
      return rows.size();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.values(this);
    }
  }

  /** Rows for which {@code condition} is true (not false, not NULL). */
  record Filter(PhysicalPlan input, RexNode condition, double estimatedRows)
      implements PhysicalPlan {
    @Override
    public List<PlanColumn> columnsOut() {
      return input.columnsOut();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.filter(this);
    }
  }

  /** One expression per column of the result, over the input row. */
  record Project(PhysicalPlan input, List<RexNode> expressions, List<PlanColumn> columnsOut)
      implements PhysicalPlan {
    public Project {
      expressions = List.copyOf(expressions);
      columnsOut = List.copyOf(columnsOut);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public double estimatedRows() {
      return input.estimatedRows();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.project(this);
    }
  }

  /**
   * Skips {@code offset} rows, then yields at most {@code fetch}. Both are numbers: literals or
   * parameters.
   */
  record Limit(
      PhysicalPlan input, Optional<RexNode> offset, Optional<RexNode> fetch, double estimatedRows)
      implements PhysicalPlan {
    @Override
    public List<PlanColumn> columnsOut() {
      return input.columnsOut();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.limit(this);
    }
  }

  /**
   * All rows, sorted; stable. With offset or fetch (a "top N") it needs to keep only offset + fetch
   * rows.
   */
  record Sort(
      PhysicalPlan input,
      List<SortKey> keys,
      Optional<RexNode> offset,
      Optional<RexNode> fetch,
      double estimatedRows)
      implements PhysicalPlan {
    public Sort {
      keys = List.copyOf(keys);
    }

    @Override
    public List<PlanColumn> columnsOut() {
      return input.columnsOut();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.sort(this);
    }
  }

  /**
   * For each left row all right rows that satisfy {@code condition} (over left row followed by
   * right row). The right side does not depend on the left one: it is read once and kept.
   */
  record NestedLoopJoin(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      Optional<RexNode> condition,
      List<PlanColumn> columnsOut,
      double estimatedRows)
      implements PhysicalPlan {
    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.nestedLoopJoin(this);
    }
  }

  /**
   * Equality join: the right side is read into a hash table, the left side streams by. {@code
   * condition} comes on top.
   */
  record HashJoin(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      List<JoinKey> keys,
      Optional<RexNode> condition,
      List<PlanColumn> columnsOut,
      double estimatedRows)
      implements PhysicalPlan {
    public HashJoin {
      keys = List.copyOf(keys);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.hashJoin(this);
    }
  }

  /**
   * Join by looking up each left row's partners in a table: left rows are taken in batches, equal
   * keys asked once. Keeps the order of the left rows. Kinds: INNER, LEFT, SEMI, ANTI.
   *
   * @param index the secondary index to go by; empty: the primary key
   * @param covering whether the index entries alone hold {@code columns}
   * @param key values for the first columns of the key, over the <em>left row</em>; a NULL finds
   *     nothing
   * @param unique whether {@code key} is complete and unique, so that each left row has at most one
   *     partner (batch get); otherwise all keys with this prefix are scanned
   * @param columns ordinals of the table that form the right row
   * @param filter on the right row alone
   * @param condition on the left row followed by the right row, beyond key and filter
   */
  record LookupJoin(
      PhysicalPlan left,
      JoinKind kind,
      TableSchema table,
      Optional<IndexSchema> index,
      boolean covering,
      List<RexNode> key,
      boolean unique,
      List<Integer> columns,
      Optional<RexNode> filter,
      Optional<RexNode> condition,
      List<PlanColumn> columnsOut,
      double estimatedRows)
      implements PhysicalPlan {
    public LookupJoin {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.lookupJoin(this);
    }
  }

  /**
   * Runs {@code right} anew for each left row; expressions in it see the left row as correlation
   * variable {@code correlationId} ({@code RexCorrelVariable.id.getId()}). Kinds: INNER, LEFT,
   * SEMI, ANTI.
   */
  record Correlate(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      int correlationId,
      List<PlanColumn> columnsOut,
      double estimatedRows)
      implements PhysicalPlan {
    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.correlate(this);
    }
  }

  /**
   * Groups by hash. Yields the group columns, then the aggregates. Without aggregates this is
   * DISTINCT. Never without group columns: see {@link StreamAggregate}.
   */
  record HashAggregate(
      PhysicalPlan input,
      List<Integer> groupColumns,
      List<AggregateFunction> aggregates,
      List<PlanColumn> columnsOut,
      double estimatedRows)
      implements PhysicalPlan {
    public HashAggregate {
      groupColumns = List.copyOf(groupColumns);
      aggregates = List.copyOf(aggregates);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.hashAggregate(this);
    }
  }

  /**
   * Groups neighbours: equal groups come together from the input. Without group columns it yields
   * exactly one row, also over no rows.
   */
  record StreamAggregate(
      PhysicalPlan input,
      List<Integer> groupColumns,
      List<AggregateFunction> aggregates,
      List<PlanColumn> columnsOut,
      double estimatedRows)
      implements PhysicalPlan {
    public StreamAggregate {
      groupColumns = List.copyOf(groupColumns);
      aggregates = List.copyOf(aggregates);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.streamAggregate(this);
    }
  }

  /** All rows of all inputs, one input after the other (UNION ALL). */
  record Union(List<PhysicalPlan> inputs, List<PlanColumn> columnsOut) implements PhysicalPlan {
    public Union {
      inputs = List.copyOf(inputs);
    }

    @Override
    public double estimatedRows() {
      return inputs.stream().mapToDouble(PhysicalPlan::estimatedRows).sum();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.union(this);
    }
  }

  /** A plan that changes rows; its result is the number of rows. */
  sealed interface Modification extends PhysicalPlan {
    /** The table whose rows change. */
    TableSchema table();

    /** Where the rows come from. */
    PhysicalPlan source();

    @Override
    default List<PlanColumn> columnsOut() {
      return List.of();
    }

    @Override
    default List<PhysicalPlan> inputs() {
      return List.of(source());
    }

    @Override
    default double estimatedRows() {
      return source().estimatedRows();
    }
  }

  /**
   * Adds rows.
   *
   * @param source yields one value per column of the table, in order, defaults filled in, converted
   *     to the column's type except for length and range, which the write checks (22001, 22003),
   *     like NOT NULL (23502). A NULL in a column with {@link ColumnSchema#autoIncrement()} asks
   *     for the next number
   * @param upsert whether a row with the same primary key is overwritten instead of refused (23505)
   * @param givenColumns ordinals the statement names: an upsert changes only these in a row that
   *     exists
   */
  record Insert(TableSchema table, PhysicalPlan source, boolean upsert, List<Integer> givenColumns)
      implements Modification {
    public Insert {
      givenColumns = List.copyOf(givenColumns);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.insert(this);
    }
  }

  /**
   * Changes rows.
   *
   * @param source yields complete rows ({@link TableSchema#rowWidth()} columns, see {@link
   *     #allOrdinals}), locked already, possibly followed by further columns for the assignments
   */
  record Update(TableSchema table, PhysicalPlan source, List<Assignment> assignments)
      implements Modification {
    public Update {
      assignments = List.copyOf(assignments);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.update(this);
    }
  }

  /**
   * One {@code SET column = value}.
   *
   * @param column ordinal of the column
   * @param value over the source row (old values), of the column's kind of type
   */
  record Assignment(int column, RexNode value) {}

  /** Removes rows; {@code source} as in {@link Update}. */
  record Delete(TableSchema table, PhysicalPlan source) implements Modification {
    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.delete(this);
    }
  }
}
