package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/**
 * One way to read rows of a table by a key.
 *
 * @param index the secondary index; empty: the primary key
 * @param key ordinals of the key's columns; of a non-unique index followed by those of the row's
 *     key
 * @param complete whether every range is one full value of a unique key, so that it holds at most
 *     one row
 * @param covering whether the index alone holds all columns needed (always true for the primary
 *     key)
 * @param filter conjuncts that the ranges do not guarantee, over table ordinals
 * @param order ordinals by which the rows come sorted: the key without its fixed columns; empty: no
 *     order
 * @param rows estimated rows that the ranges hold, before the filter
 * @param cost in units of one row read in key order
 */
record AccessPath(
    TableSchema table,
    Optional<IndexSchema> index,
    List<Integer> key,
    List<KeyRange> ranges,
    boolean complete,
    boolean covering,
    List<RexNode> filter,
    List<Integer> order,
    int fixedColumns,
    double rows,
    double cost) {

  /** Whether it reads everything there is. */
  boolean readsAll() {
    return ranges.size() == 1 && ranges.get(0).isAll();
  }

  /** A point get or batch of them: no scan. */
  boolean isPoints() {
    return complete;
  }

  /** The keys of a complete path. */
  List<List<RexNode>> points() {
    List<List<RexNode>> points = new ArrayList<>();
    ranges.forEach(range -> points.add(range.prefix()));
    return points;
  }
}
