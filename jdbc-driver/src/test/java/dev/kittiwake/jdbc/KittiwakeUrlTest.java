package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs that are right, and how wrong ones are refused. */
class KittiwakeUrlTest {
  @Test
  void theFourForms() throws SQLException {
    assertEquals(new Target.Memory("test"), KittiwakeUrl.parse("jdbc:kittiwake:mem:test").target());
    assertEquals(
        new Target.Files(Path.of("/data/a b")),
        KittiwakeUrl.parse("jdbc:kittiwake:file:/data/x/../a b;keep=true").target());
    assertEquals(
        new Target.Cluster(List.of("pd1:2379", "pd2:5000")),
        KittiwakeUrl.parse("jdbc:kittiwake://pd1,pd2:5000/shop").target());
    assertEquals(
        new Target.Service(List.of("h1:4000", "[::1]:4001")),
        KittiwakeUrl.parse("jdbc:kittiwake:sql://h1,[::1]:4001").target());
  }

  @Test
  void theSchemaIsInThePathOrAParameter() throws SQLException {
    ConnectionSettings settings =
        ConnectionSettings.of(
            "jdbc:kittiwake://pd/shop?user=ann&password=secret&isolation=read-committed",
            new Properties());
    assertEquals("shop", settings.session().schema());
    assertEquals("ann", settings.user());
    assertFalse(settings.url().contains("secret"), settings.url());
    assertEquals("READ_COMMITTED", settings.session().isolation().name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:kittiwake:memory:x | is no kind of database",
        "jdbc:kittiwake: | is no kind of database",
        "jdbc:kittiwake:mem: | the database name",
        "jdbc:kittiwake:mem:a?b | the database name",
        "jdbc:kittiwake:file: | the path is missing",
        "jdbc:kittiwake:// | is not HOST:PORT",
        "jdbc:kittiwake://pd:99999 | port 99999",
        "jdbc:kittiwake://pd:x/db | is not HOST:PORT",
        "jdbc:kittiwake://pd/a/b | has a slash",
        "jdbc:kittiwake:sql://h/db?user | has no value",
        "jdbc:kittiwake:sql://h/db?usr=x | unknown parameter \"usr\"",
        "jdbc:kittiwake:mem:x;fetchSize=many | fetchSize=many must be a whole number",
        "jdbc:kittiwake:mem:x;isolation=chaos | must be one of repeatable-read, read-committed",
        "jdbc:kittiwake:mem:x;stores=99 | between 1 and 16"
      })
  void aWrongUrlIsRefusedWithAHint(String url, String hint) {
    SQLException refusal =
        assertThrows(SQLException.class, () -> new KittiwakeDriver().connect(url, null), url);
    assertEquals("08001", refusal.getSQLState());
    assertTrue(refusal.getMessage().contains(hint), refusal.getMessage());
    assertTrue(
        refusal.getMessage().contains("accepted forms")
            || refusal.getMessage().contains("known are")
            || refusal.getMessage().contains("must be"),
        refusal.getMessage());
  }

  @Test
  void anUnreachableClusterIsOneClearLineInTime() {
    SQLException refusal =
        assertThrows(
            SQLException.class,
            () ->
                new KittiwakeDriver()
                    .connect("jdbc:kittiwake://127.0.0.1:1/public?connectTimeoutMillis=500", null));
    assertEquals("08001", refusal.getSQLState());
    assertTrue(refusal.getMessage().contains("127.0.0.1:1"), refusal.getMessage());
  }

  @Test
  void urlsOfOthersAreLeftToOthers() throws SQLException {
    KittiwakeDriver driver = new KittiwakeDriver();
    assertFalse(driver.acceptsURL(null));
    assertFalse(driver.acceptsURL("jdbc:other:x"));
    assertNull(driver.connect("jdbc:other:x", new Properties()));
    assertNull(driver.connect(null, null));
    assertEquals(
        ConnectionOption.values().length,
        driver.getPropertyInfo("jdbc:kittiwake:mem:x", null).length);
  }

  @Test
  void theVersionIsTheBuilds() throws Exception {
    String pom = java.nio.file.Files.readString(Path.of("pom.xml"));
    assertTrue(pom.contains("<version>" + DriverVersion.TEXT + "</version>"));
  }
}
