package dev.ermine.testing;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.policy.OptOutKey;
import dev.ermine.policy.OptOutList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Lists of opt-outs as whoever keeps the register would write them. */
public final class OptOutLists {

  /** The secret of these lists. */
  public static final byte[] SECRET =
      "a secret of thirty-two bytes, or a few more".getBytes(StandardCharsets.US_ASCII);

  private OptOutLists() {}

  /** The list of those patients. */
  public static OptOutList of(LocalDate made, LocalDate until, NhsNumber... patients) {
    byte[] file = sealed(body(made, until, patients)).getBytes(StandardCharsets.US_ASCII);
    try {
      return switch (OptOutList.read(new ByteArrayInputStream(file), new OptOutKey(SECRET))) {
        case OptOutList.Reading.Read(OptOutList list) -> list;
        case OptOutList.Reading.Faulty(String fault) -> throw new AssertionError(fault);
      };
    } catch (IOException e) {
      throw new AssertionError("memory can be read", e);
    }
  }

  /** All but the seal. */
  public static String body(LocalDate made, LocalDate until, NhsNumber... patients) {
    return "made: %s%nvalid-until: %s%nalgorithm: HMAC-SHA-256%ncount: %d%n"
            .formatted(made, until, patients.length)
            .replace(System.lineSeparator(), "\n")
        + Arrays.stream(patients)
            .map(patient -> hmac(patient.value()) + "\n")
            .sorted()
            .collect(Collectors.joining());
  }

  /** That, sealed. */
  public static String sealed(String body) {
    return "seal: " + hmac(body) + "\n" + body;
  }

  /** HMAC-SHA-256, hex. */
  public static String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC-SHA-256", e);
    }
  }
}
