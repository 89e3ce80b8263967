package dev.kittiwake.pd.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.pdstore.MemberRecord;
import org.junit.jupiter.api.Test;

/** What the leader writes down of what members say of themselves. */
final class NewsOfMembersTest {
  private static MemberRecord member(String url, long incarnation) {
    return MemberRecord.newBuilder()
        .setId(1)
        .setName("a")
        .addClientUrls(url)
        .addPeerUrls(url)
        .setIncarnation(incarnation)
        .build();
  }

  @Test
  void anotherAddressAndAFirstWordAreNews() {
    assertTrue(Roster.isNews(member("http://new:1", 7), member("http://old:1", 7)));
    assertTrue(Roster.isNews(member("http://a:1", 7), member("http://a:1", 0)));
    assertFalse(Roster.isNews(member("http://a:1", 7), member("http://a:1", 7)));
    MemberRecord leaving = member("http://a:1", 7).toBuilder().setRemoving(true).build();
    assertFalse(Roster.isNews(member("http://a:1", 7), leaving));
  }

  /** It would be refused again and again, and nothing else would be done. */
  @Test
  void whatAMemberWithoutItsDataSaysIsNot() {
    assertFalse(Roster.isNews(member("http://a:1", 8), member("http://a:1", 7)));
    assertFalse(Roster.isNews(member("http://new:1", 8), member("http://old:1", 7)));
  }
}
