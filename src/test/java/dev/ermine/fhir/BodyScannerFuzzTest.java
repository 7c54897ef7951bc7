package dev.ermine.fhir;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * The scanner against bytes that nobody chose. An ordinary run replays the inputs kept beside the
 * test resources; with {@code JAZZER_FUZZ=1} it looks for new ones.
 */
class BodyScannerFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void agreesWithJackson(byte[] body) {
    BodyScannerLawsTest.agree(body, "input");
  }
}
