package dev.kittiwake.tpcc;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the client was told about its new orders, to be held against the database: an acknowledged
 * order must be there, an undetermined one may, and no other may have appeared while this client
 * worked alone. Safe for many threads.
 *
 * <p>It can rest in a text file beside the reports, so that the database can be checked after
 * everything was killed and started again. One line for each fact: {@code span w d first end},
 * {@code acknowledged w d o customer lines amount}, {@code undetermined …}.
 */
public final class Ledger {
  private static final String FILE = "ledger.txt";
  private static final String HEADER = "kittiwake tpcc ledger 1 ";

  private final List<Order> acknowledged = new ArrayList<>();
  private final List<Order> undetermined = new ArrayList<>();
  private final List<Span> spans = new ArrayList<>();

  /** An order as it was entered; {@code amount} is the sum of its lines before discount and tax. */
  record Order(int warehouse, int district, int order, int customer, int lines, BigDecimal amount) {
    Key key() {
      return new Key(warehouse, district, order);
    }
  }

  /** Order numbers {@code [first, end)} of a district were given out while this client ran. */
  record Span(int warehouse, int district, int first, int end) {}

  synchronized void acknowledge(Order order) {
    acknowledged.add(order);
  }

  synchronized void leaveOpen(Order order) {
    undetermined.add(order);
  }

  synchronized void cover(Span span) {
    spans.add(span);
  }

  synchronized List<Order> acknowledged() {
    return List.copyOf(acknowledged);
  }

  synchronized List<Order> undetermined() {
    return List.copyOf(undetermined);
  }

  synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  /** Whether nothing was ever entered. */
  synchronized boolean isEmpty() {
    return acknowledged.isEmpty() && undetermined.isEmpty() && spans.isEmpty();
  }

  /** Writes the ledger of the database at {@code url} into {@code directory}. */
  synchronized void save(Path directory, String url) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(HEADER + url);
    for (Span span : spans) {
      lines.add(words("span", span.warehouse(), span.district(), span.first(), span.end()));
    }
    acknowledged.forEach(order -> lines.add(line("acknowledged", order)));
    undetermined.forEach(order -> lines.add(line("undetermined", order)));
    Files.createDirectories(directory);
    Files.write(directory.resolve(FILE), lines);
  }

  private static String line(String kind, Order order) {
    return words(
        kind,
        order.warehouse(),
        order.district(),
        order.order(),
        order.customer(),
        order.lines(),
        order.amount().toPlainString());
  }

  private static String words(Object... values) {
    return Stream.of(values).map(String::valueOf).collect(Collectors.joining(" "));
  }

  /**
   * The ledger kept in {@code directory} for the database at {@code url}; an empty one if there is
   * none.
   */
  static Ledger read(Path directory, String url) throws IOException {
    Ledger ledger = new Ledger();
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return ledger;
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.get(0).equals(HEADER + url)) {
      return ledger;
    }
    for (String line : lines.subList(1, lines.size())) {
      ledger.enter(line.split(" ", -1), file);
    }
    return ledger;
  }

  private void enter(String[] words, Path file) throws IOException {
    try {
      switch (words[0]) {
        case "span" ->
            cover(new Span(number(words, 1), number(words, 2), number(words, 3), number(words, 4)));
        case "acknowledged" -> acknowledge(order(words));
        case "undetermined" -> leaveOpen(order(words));
        default -> throw new IllegalArgumentException(words[0]);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("damaged ledger " + file + " at line: " + String.join(" ", words), e);
    }
  }

  private static Order order(String[] words) {
    return new Order(
        number(words, 1),
        number(words, 2),
        number(words, 3),
        number(words, 4),
        number(words, 5),
        new BigDecimal(words[6]));
  }

  private static int number(String[] words, int at) {
    return Integer.parseInt(words[at]);
  }

  /** Forgets what an earlier database left behind. */
  static void delete(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
  }
}
