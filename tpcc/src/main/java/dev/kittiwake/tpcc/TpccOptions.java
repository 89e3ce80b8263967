package dev.kittiwake.tpcc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to do and against which database. Made by {@link #builder(String)}.
 *
 * @param url any JDBC URL whose driver is on the class path
 * @param properties connection properties such as user and password; never written to a report
 * @param warehouses W, the size of the database
 * @param terminals how many work at once, spread over the warehouses
 * @param duration the measured interval
 * @param warmUp time before it, during which everything runs but nothing counts
 * @param waits whether terminals keep the keying and think times of clause 5.2.5; without them they
 *     work without pause
 * @param seed of everything drawn by chance
 * @param loaders threads, and connections, of the loader
 * @param reports directory for the ledger and the reports
 * @param isolation asked of the terminals' connections
 * @param dialect statements only this database needs
 * @param scale {@link Scale#FULL} unless testing
 */
public record TpccOptions(
    String url,
    Map<String, String> properties,
    int warehouses,
    int terminals,
    Duration duration,
    Duration warmUp,
    boolean waits,
    long seed,
    int loaders,
    Path reports,
    Isolation isolation,
    Dialect dialect,
    Scale scale) {

  public TpccOptions {
    properties = Map.copyOf(properties);
    require(url.startsWith("jdbc:"), "a JDBC URL starts with jdbc:, not " + url);
    require(
        warehouses >= 1 && warehouses <= 100_000,
        "warehouses must be 1 to 100000, not " + warehouses);
    require(
        terminals >= 1 && terminals <= 10_000, "terminals must be 1 to 10000, not " + terminals);
    require(loaders >= 1 && loaders <= 256, "loader threads must be 1 to 256, not " + loaders);
    require(duration.toMillis() >= 1_000, "duration must be at least one second, not " + duration);
    require(!warmUp.isNegative(), "warm-up must not be negative, but is " + warmUp);
    require(duration.plus(warmUp).toDays() < 7, "duration and warm-up must stay below a week");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * One warehouse, four terminals, sixty seconds after five of warm-up, no waits, reports in {@code
   * tpcc-report}.
   */
  public static Builder builder(String url) {
    return new Builder(url);
  }

  /** The URL as it may be shown: without user and password. */
  public String maskedUrl() {
    return url.replaceAll("(?i)(password|pwd|user)=[^&;]*", "$1=***")
        .replaceAll("//[^/@]*@", "//***@");
  }

  /** Collects options; every method returns this builder. */
  public static final class Builder {
    private final String url;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private int warehouses = 1;
    private int terminals = 4;
    private Duration duration = Duration.ofSeconds(60);
    private Duration warmUp = Duration.ofSeconds(5);
    private boolean waits;
    private long seed = 1;
    private int loaders = 4;
    private Path reports = Path.of("tpcc-report");
    private Isolation isolation = Isolation.DEFAULT;
    private Dialect dialect;
    private Scale scale = Scale.FULL;

    private Builder(String url) {
      this.url = url;
      this.dialect = Dialect.of(url);
    }

    public Builder property(String name, String value) {
      properties.put(name, value);
      return this;
    }

    public Builder warehouses(int count) {
      warehouses = count;
      return this;
    }

    public Builder terminals(int count) {
      terminals = count;
      return this;
    }

    public Builder duration(Duration measured) {
      duration = measured;
      return this;
    }

    public Builder warmUp(Duration before) {
      warmUp = before;
      return this;
    }

    public Builder waits(boolean keyingAndThinkTimes) {
      waits = keyingAndThinkTimes;
      return this;
    }

    public Builder seed(long number) {
      seed = number;
      return this;
    }

    public Builder loaders(int threads) {
      loaders = threads;
      return this;
    }

    public Builder reports(Path directory) {
      reports = directory;
      return this;
    }

    public Builder isolation(Isolation level) {
      isolation = level;
      return this;
    }

    public Builder dialect(Dialect statements) {
      dialect = statements;
      return this;
    }

    public Builder scale(Scale size) {
      scale = size;
      return this;
    }

    /**
     * Checks and freezes the options.
     *
     * @throws IllegalArgumentException naming the option that is out of bounds
     */
    public TpccOptions build() {
      return new TpccOptions(
          url,
          properties,
          warehouses,
          terminals,
          duration,
          warmUp,
          waits,
          seed,
          loaders,
          reports,
          isolation,
          dialect,
          scale);
    }
  }
}
