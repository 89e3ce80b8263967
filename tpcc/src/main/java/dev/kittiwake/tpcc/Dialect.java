package dev.kittiwake.tpcc;

import java.util.List;

/**
 * The one place where databases differ: statements run after the tables are made (such as splitting
 * them) and after they are loaded (such as gathering statistics). Everything else is the same plain
 * SQL everywhere.
 */
public record Dialect(String name, List<String> afterCreate, List<String> afterLoad) {
  public Dialect {
    afterCreate = List.copyOf(afterCreate);
    afterLoad = List.copyOf(afterLoad);
  }

  /** Nothing but the standard. */
  public static Dialect plain() {
    return new Dialect("plain", List.of(), List.of());
  }

  /** What suits the database behind a JDBC URL: statistics for those that plan by them. */
  public static Dialect of(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      return new Dialect("postgresql", List.of(), List.of("ANALYZE"));
    }
    if (url.startsWith("jdbc:h2:")) {
      return new Dialect("h2", List.of(), List.of("ANALYZE"));
    }
    return plain();
  }
}
