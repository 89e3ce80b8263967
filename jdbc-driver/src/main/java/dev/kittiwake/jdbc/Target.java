package dev.kittiwake.jdbc;

import java.nio.file.Path;
import java.util.List;

/** Where a URL leads. */
sealed interface Target {
  /** What connections of one JVM share: equal texts share one source of sessions. */
  String sharedKey();

  /** {@code jdbc:kittiwake:mem:NAME} */
  record Memory(String name) implements Target {
    @Override
    public String sharedKey() {
      return "mem:" + name;
    }
  }

  /** {@code jdbc:kittiwake:file:PATH}; the path is absolute and normalised. */
  record Files(Path path) implements Target {
    @Override
    public String sharedKey() {
      return "file:" + path;
    }
  }

  /** {@code jdbc:kittiwake://PD,PD/SCHEMA}: {@code host:port} each. */
  record Cluster(List<String> endpoints) implements Target {
    @Override
    public String sharedKey() {
      return "cluster:" + String.join(",", endpoints);
    }
  }

  /** {@code jdbc:kittiwake:sql://HOST,HOST/SCHEMA}: {@code host:port} each. */
  record Service(List<String> endpoints) implements Target {
    @Override
    public String sharedKey() {
      return "sql:" + String.join(",", endpoints);
    }
  }
}
