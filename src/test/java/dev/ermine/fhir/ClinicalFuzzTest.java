package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/**
 * Clinical details of bytes that nobody chose: whatever the scanner takes for a resource can be
 * read. An ordinary run replays the inputs kept beside the test resources; with {@code
 * JAZZER_FUZZ=1} it looks for new ones.
 */
class ClinicalFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsWhatTheScannerReads(byte[] body) {
    List<Entry> entries =
        switch (BodyScanner.scan(body, body.length)) {
          case PeerBody.Searchset searchset -> searchset.entries();
          case PeerBody.Resource resource -> List.of(resource.entry());
          case PeerBody.Outcome _, PeerBody.Unreadable _ -> List.of();
        };
    for (Entry entry : entries) {
      assertThat(Clinical.of(entry).readable()).isTrue();
    }
  }
}
