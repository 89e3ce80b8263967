package dev.kittiwake.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes up queries over three small tables: {@code t1 (id INT PRIMARY KEY, a INT, b DECIMAL(8,2), c
 * VARCHAR(5))}, {@code t2 (id INT, k INT, a INT, d DECIMAL(6,1), PRIMARY KEY (id, k))} with an
 * index on {@code a}, and {@code t3 (u INT UNIQUE, s VARCHAR(5), n INT)} without primary key. All
 * columns but keys hold NULLs.
 *
 * <p>Left out because databases differ by design: the scale of quotients and averages (here
 * averages are compared after rounding), division by zero inside conditions (the order of
 * evaluation is free), and overflow.
 */
final class RandomQueries {
  enum Type {
    NUMBER,
    TEXT
  }

  record Column(String name, Type type) {}

  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE t1 (id INT PRIMARY KEY, a INT, b DECIMAL(8,2), c VARCHAR(5))",
          "CREATE TABLE t2 (id INT, k INT, a INT, d DECIMAL(6,1), PRIMARY KEY (id, k))",
          "CREATE INDEX t2_a ON t2 (a)",
          "CREATE TABLE t3 (u INT UNIQUE, s VARCHAR(5), n INT)");

  private static final List<List<Column>> TABLES =
      List.of(
          columns("id", Type.NUMBER, "a", Type.NUMBER, "b", Type.NUMBER, "c", Type.TEXT),
          columns("id", Type.NUMBER, "k", Type.NUMBER, "a", Type.NUMBER, "d", Type.NUMBER),
          columns("u", Type.NUMBER, "s", Type.TEXT, "n", Type.NUMBER));

  private static final List<String> COMPARE = List.of("=", "<>", "<", "<=", ">", ">=");
  private static final List<String> TEXTS = List.of("'x'", "'y'", "'xy'", "''", "'Yx'");

  private final Random random;
  private int aliases;

  RandomQueries(Random random) {
    this.random = random;
  }

  private static List<Column> columns(Object... pairs) {
    List<Column> all = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.add(new Column((String) pairs[i], (Type) pairs[i + 1]));
    }
    return all;
  }

  /** INSERT statements that fill the tables. */
  List<String> rows() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(
          "INSERT INTO t1 VALUES (" + i + ", " + small() + ", " + tenth(2) + ", " + text() + ")");
      all.add(
          "INSERT INTO t2 VALUES ("
              + i % 5
              + ", "
              + i / 5
              + ", "
              + small()
              + ", "
              + tenth(1)
              + ")");
    }
    for (int i = 0; i < 7; i++) {
      String unique = i < 2 ? "NULL" : String.valueOf(i - 2);
      all.add("INSERT INTO t3 VALUES (" + unique + ", " + text() + ", " + small() + ")");
    }
    return all;
  }

  private String small() {
    return random.nextInt(4) == 0 ? "NULL" : String.valueOf(random.nextInt(7) - 1);
  }

  private String tenth(int digits) {
    return random.nextInt(4) == 0
        ? "NULL"
        : java.math.BigDecimal.valueOf(random.nextInt(60) - 10, digits == 1 ? 1 : 2).toString();
  }

  private String text() {
    return random.nextInt(4) == 0 ? "NULL" : pick(TEXTS);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  /** What a query may name: columns of its tables, and those of the queries around it. */
  private record Scope(List<Column> own, List<Column> all) {
    List<Column> of(Type type) {
      return all.stream().filter(c -> c.type == type).toList();
    }
  }

  /** A whole query; sorted queries are sorted by all their columns. */
  String next() {
    aliases = 0;
    int shape = random.nextInt(10);
    String query = shape < 6 ? plain() : shape < 9 ? grouped() : setOperation();
    return query;
  }

  private String from(List<Column> into) {
    StringBuilder from = new StringBuilder();
    int tables = 1 + random.nextInt(3);
    for (int i = 0; i < tables; i++) {
      String alias = "q" + aliases++;
      List<Column> added = new ArrayList<>();
      String source;
      if (one(8)) {
        List<Column> inner = new ArrayList<>();
        String innerFrom = from(inner);
        Column x = pick(inner);
        Column y = pick(inner);
        source =
            "(SELECT "
                + x.name
                + " AS x, "
                + y.name
                + " AS y FROM "
                + innerFrom
                + where(new Scope(inner, inner), 1)
                + ")";
        added.add(new Column(alias + ".x", x.type));
        added.add(new Column(alias + ".y", y.type));
      } else {
        int table = random.nextInt(3);
        source = "t" + (table + 1);
        TABLES.get(table).forEach(c -> added.add(new Column(alias + "." + c.name, c.type)));
      }
      if (i == 0) {
        from.append(source).append(' ').append(alias);
        into.addAll(added);
      } else {
        List<Column> left = List.copyOf(into);
        into.addAll(added);
        Scope scope = new Scope(into, List.copyOf(into));
        String join = one(3) ? " LEFT JOIN " : " JOIN ";
        from.append(join).append(source).append(' ').append(alias).append(" ON ");
        from.append(joinCondition(left, added, scope));
      }
    }
    return from.toString();
  }

  private String joinCondition(List<Column> left, List<Column> right, Scope scope) {
    Column r = pick(right);
    List<Column> same = left.stream().filter(c -> c.type == r.type).toList();
    String equal = same.isEmpty() ? r.name + " IS NOT NULL" : pick(same).name + " = " + r.name;
    if (one(3)) {
      return equal + " AND " + condition(scope, 0);
    }
    return one(12) ? condition(scope, 0) : equal;
  }

  private String where(Scope scope, int depth) {
    return one(3) ? "" : " WHERE " + condition(scope, depth);
  }

  private String plain() {
    List<Column> columns = new ArrayList<>();
    String from = from(columns);
    Scope scope = new Scope(columns, columns);
    int width = 1 + random.nextInt(3);
    List<String> items = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      items.add((one(4) ? textValue(scope, 2) : number(scope, 2)) + " AS c" + i);
    }
    if (items.stream().noneMatch(item -> item.contains("q"))) {
      items.set(0, pick(columns).name); // H2 skips too much where all sort keys are constants
    }
    boolean distinct = one(4);
    return "SELECT "
        + (distinct ? "DISTINCT " : "")
        + String.join(", ", items)
        + " FROM "
        + from
        + where(scope, 2)
        + order(width);
  }

  private String order(int width) {
    if (one(2)) {
      return "";
    }
    List<String> keys = new ArrayList<>();
    for (int i = 1; i <= width; i++) {
      keys.add(i + (one(2) ? " DESC" : "") + (one(6) ? " NULLS LAST" : ""));
    }
    String limit = one(2) ? " LIMIT " + random.nextInt(8) : "";
    return " ORDER BY "
        + String.join(", ", keys)
        + limit
        + (limit.isEmpty() || one(2) ? "" : " OFFSET " + random.nextInt(4));
  }

  private String grouped() {
    List<Column> columns = new ArrayList<>();
    String from = from(columns);
    Scope scope = new Scope(columns, columns);
    List<String> groups = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      groups.add(pick(columns).name);
    }
    List<String> items = new ArrayList<>(groups);
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      items.add(aggregate(scope));
    }
    String having = one(3) ? " HAVING " + aggregate(scope) + " " + pick(COMPARE) + " 2" : "";
    return "SELECT "
        + String.join(", ", items)
        + " FROM "
        + from
        + where(scope, 1)
        + (groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups))
        + having
        + order(items.size());
  }

  private String aggregate(Scope scope) {
    String number = number(new Scope(scope.own, scope.own), 0);
    return switch (random.nextInt(7)) {
      case 0 -> "COUNT(*)";
      case 1 -> "COUNT(" + pick(scope.own).name + ")";
      case 2 -> "COUNT(DISTINCT " + pick(scope.own).name + ")";
      case 3 -> "MIN(" + number + ")";
      case 4 -> "MAX(" + number + ")";
      case 5 -> "CAST(AVG(" + number + ") AS DECIMAL(12, 3))";
      default -> "SUM(" + number + ")";
    };
  }

  private String setOperation() {
    String kind = pick(List.of(" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT "));
    return oneColumn(List.of()) + kind + oneColumn(List.of()) + (one(2) ? " ORDER BY 1" : "");
  }

  /** A query of one numeric column; {@code outer} columns may be named in its condition. */
  private String oneColumn(List<Column> outer) {
    List<Column> columns = new ArrayList<>();
    String from = from(columns);
    List<Column> all = new ArrayList<>(columns);
    all.addAll(outer);
    String item = number(new Scope(columns, columns), 1);
    return "SELECT " + item + " AS v FROM " + from + where(new Scope(columns, all), 0);
  }

  // --- expressions

  private String number(Scope scope, int depth) {
    List<Column> numbers = scope.of(Type.NUMBER);
    int kind = random.nextInt(depth > 0 ? 11 : 4);
    if (numbers.isEmpty() || kind == 0) {
      return one(2) ? String.valueOf(random.nextInt(6)) : "1.5";
    }
    String column = pick(numbers).name;
    return switch (kind) {
      case 4 -> "(" + number(scope, depth - 1) + " + " + number(scope, depth - 1) + ")";
      case 5 -> "(" + number(scope, depth - 1) + " - " + column + ")";
      case 6 -> "(" + column + " * " + number(scope, 0) + ")";
      case 7 ->
          "CASE WHEN "
              + condition(scope, 0)
              + " THEN "
              + number(scope, depth - 1)
              + (one(3) ? "" : " ELSE " + number(scope, 0))
              + " END";
      case 8 -> "COALESCE(" + column + ", " + number(scope, 0) + ")";
      case 9 -> one(2) ? "ABS(" + column + ")" : "NULLIF(" + column + ", " + number(scope, 0) + ")";
      case 10 -> depth < 2 ? column : scalar(scope);
      default -> column;
    };
  }

  private String scalar(Scope scope) {
    List<Column> columns = new ArrayList<>();
    int table = random.nextInt(3);
    String alias = "q" + aliases++;
    TABLES.get(table).forEach(c -> columns.add(new Column(alias + "." + c.name, c.type)));
    List<Column> all = new ArrayList<>(columns);
    all.addAll(scope.own);
    return "(SELECT "
        + aggregate(new Scope(columns, columns))
        + " FROM t"
        + (table + 1)
        + " "
        + alias
        + where(new Scope(columns, all), 0)
        + ")";
  }

  private String textValue(Scope scope, int depth) {
    List<Column> texts = scope.of(Type.TEXT);
    if (texts.isEmpty() || one(5)) {
      return pick(TEXTS);
    }
    String column = pick(texts).name;
    if (depth == 0) {
      return column;
    }
    return switch (random.nextInt(6)) {
      case 0 -> "UPPER(" + column + ")";
      case 1 -> "(" + column + " || " + textValue(scope, 0) + ")";
      case 2 -> "COALESCE(" + column + ", 'none')";
      case 3 -> "CASE WHEN " + condition(scope, 0) + " THEN " + column + " ELSE 'other' END";
      default -> column;
    };
  }

  private String condition(Scope scope, int depth) {
    int kind = random.nextInt(depth > 0 ? 16 : 9);
    return switch (kind) {
      case 0, 1, 2 -> number(scope, 0) + " " + pick(COMPARE) + " " + number(scope, 1);
      case 3 -> textValue(scope, 0) + " " + pick(COMPARE) + " " + textValue(scope, 1);
      case 4 -> pick(scope.all).name + " IS " + (one(2) ? "NOT " : "") + "NULL";
      case 5 -> number(scope, 0) + " BETWEEN " + number(scope, 0) + " AND " + number(scope, 0);
      case 6 -> number(scope, 0) + (one(3) ? " NOT" : "") + " IN (1, 3, " + small() + ")";
      case 7 ->
          textValue(scope, 0)
              + (one(3) ? " NOT" : "")
              + " LIKE '"
              + pick(List.of("x%", "%y", "_x", "%"))
              + "'";
      case 8 -> "NOT (" + number(scope, 0) + " " + pick(COMPARE) + " " + number(scope, 0) + ")";
      case 9, 10 -> "(" + condition(scope, depth - 1) + " AND " + condition(scope, depth - 1) + ")";
      case 11 -> "(" + condition(scope, depth - 1) + " OR " + condition(scope, depth - 1) + ")";
      case 12, 13 -> (one(2) ? "NOT " : "") + "EXISTS (" + oneColumn(scope.own) + ")";
      case 14 -> number(scope, 0) + (one(2) ? " NOT" : "") + " IN (" + oneColumn(scope.own) + ")";
      default -> number(scope, 0) + " " + pick(COMPARE) + " " + scalar(scope);
    };
  }
}
