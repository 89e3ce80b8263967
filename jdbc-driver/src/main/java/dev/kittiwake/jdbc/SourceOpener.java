package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.service.RemoteSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Makes the source of sessions that a URL leads to. */
final class SourceOpener {
  private SourceOpener() {}

  static SessionSource open(ConnectionSettings settings) throws SQLException {
    Target target = settings.target();
    try {
      if (target instanceof Target.Memory) {
        return embedded(null, settings);
      } else if (target instanceof Target.Files files) {
        return embedded(files.path(), settings);
      } else if (target instanceof Target.Cluster cluster) {
        return ClusterSource.open(cluster.endpoints(), settings.connectTimeoutMillis());
      }
      return RemoteSource.over(
          ((Target.Service) target).endpoints(), settings.connectTimeoutMillis());
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    }
  }

  private static SessionSource embedded(Path directory, ConnectionSettings settings)
      throws SQLException {
    try {
      Iterator<EmbeddedDatabase> found =
          ServiceLoader.load(EmbeddedDatabase.class, EmbeddedDatabase.class.getClassLoader())
              .iterator();
      if (found.hasNext()) {
        return found.next().open(directory, settings.stores());
      }
    } catch (ServiceConfigurationError e) {
      throw SQLExceptions.of("08001", 0, "the embedded database cannot be loaded: " + e, e);
    }
    throw SQLExceptions.wrongUrl(
        settings.url()
            + " needs the module kittiwake-embedded on the class path; without it only"
            + " jdbc:kittiwake:sql://HOST:4000/SCHEMA works");
  }
}
