package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.embedded.LocalCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A cluster in this process, on disk, whose data is deleted when it is closed. */
final class TemporaryCluster implements AutoCloseable {
  private final Path directory;
  private final int stores;
  private LocalCluster cluster; // null until a client asks for it
  private Connection
      keptOpen; // null until a URL is asked for; keeps the driver's cluster running in between

  private TemporaryCluster(Path directory, int stores) {
    this.directory = directory;
    this.stores = stores;
  }

  static TemporaryCluster start(int stores, PrintWriter out) throws IOException {
    Path directory = Files.createTempDirectory("kittiwake-");
    out.println(
        "Embedded cluster of one PD and " + stores + " store(s), temporary data in " + directory);
    out.flush();
    return new TemporaryCluster(directory, stores);
  }

  /** The JDBC URL of the cluster, which runs from now on. */
  String url() throws SQLException {
    String url = "jdbc:kittiwake:file:" + directory + ";stores=" + stores;
    keptOpen = DriverManager.getConnection(url);
    return url;
  }

  /** A key-value client; starts the cluster. */
  ClusterClient connect() {
    cluster = LocalCluster.builder().stores(stores).dataDir(directory).start();
    return cluster.connect();
  }

  @Override
  public void close() throws IOException, SQLException {
    if (keptOpen != null) {
      keptOpen.close();
    }
    if (cluster != null) {
      cluster.close();
    }
    delete(directory);
  }

  /** Deletes {@code directory} and everything in it. */
  static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
