package dev.ermine.region;

import dev.ermine.region.Approval.Kind;
import dev.ermine.region.Sources.Content;
import dev.ermine.region.Sources.Signed;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of the officers' as one of them is about to sign it, or to look who has. What is shown of
 * it and what is signed are the same bytes.
 */
public final class SignableFile {

  /** What came of reading one. */
  public sealed interface Reading {

    /** A file that may be signed. */
    record Sound(SignableFile file) implements Reading {}

    /** One that may not, and why. */
    record Faulty(List<Fault> faults) implements Reading {
      public Faulty {
        faults = List.copyOf(faults);
      }
    }
  }

  private final Kind kind;
  private final int serial;
  private final String hash;
  private final Regions effective;
  private final String bytes;
  private final String signatures;

  private SignableFile(Kind kind, int serial, String hash, Regions effective, Signed file) {
    this.kind = kind;
    this.serial = serial;
    this.hash = hash;
    this.effective = effective;
    this.bytes = latin1(file.file());
    this.signatures = latin1(file.signatures());
  }

  /** A version of {@code regions.yaml}: it has to bind what it names, and to have an end. */
  public static Reading regions(Path file, Path certs) {
    Sources sources = new Sources(file, certs);
    return switch (RegionsFile.read(sources, Stage.SANDBOX)) {
      case dev.ermine.region.Reading.Faulty(List<Fault> faults) -> new Reading.Faulty(faults);
      case dev.ermine.region.Reading.Loaded(Regions regions) -> {
        List<Fault> faults = BaseRules.lacking(regions.edition());
        yield faults.isEmpty()
            ? new Reading.Sound(
                new SignableFile(
                    Kind.REGIONS, regions.serial(), regions.hash(), regions, sources.signed()))
            : new Reading.Faulty(faults);
      }
    };
  }

  /**
   * Suspensions.
   *
   * @param over the version that they are to lie over, whose regions they may name
   */
  public static Reading suspensions(Path file, Regions over) {
    Signed signed = Signed.read(file);
    return switch (SuspensionsFile.read(signed.file())) {
      case SuspensionsFile.Reading.Faulty(List<Fault> faults) -> new Reading.Faulty(faults);
      case SuspensionsFile.Reading.Loaded(Suspensions read) -> {
        List<Fault> faults = SuspensionRules.unknown(read, over);
        yield faults.isEmpty()
            ? new Reading.Sound(
                new SignableFile(
                    Kind.SUSPENSIONS, read.serial(), read.hash(), over.under(read), signed))
            : new Reading.Faulty(faults);
      }
    };
  }

  private static String latin1(Content content) {
    return content instanceof Content.Read read ? read.latin1() : "";
  }

  /** Where the signatures under that file are. */
  public static Path signaturesOf(Path file) {
    return file.resolveSibling(file.getFileName() + Sources.SIGNATURES);
  }

  public Kind kind() {
    return kind;
  }

  public int serial() {
    return serial;
  }

  /** SHA-256, hex: of {@code regions.yaml} with all that it names, or of suspensions alone. */
  public String hash() {
    return hash;
  }

  /** What would be in force. */
  public Regions effective() {
    return effective;
  }

  /** What is signed. */
  public byte[] bytes() {
    return new Content.Read(bytes).bytes();
  }

  /** The signatures that it has, one a line. */
  public List<String> signatures() {
    return signatures.lines().toList();
  }

  /** Who has signed it. */
  public Approval.Signers signers(Approval approval) {
    return approval.signers(kind, bytes(), new Content.Read(signatures).bytes());
  }
}
