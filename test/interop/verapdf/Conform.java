import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Conform FILE.pdf… : one line a file and profile (PDF/A-3a, PDF/UA-1): "FILE PROFILE compliant CHECKS", or "FILE PROFILE
 * FAILED" and, for each rule that is broken, how often.
 */
public class Conform {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      for (String profile : new String[] {"3a", "ua1"}) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(profile);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour)) {
          PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, 200, false, true, false);
          ValidationResult result = validator.validate(parser);
          Map<String, Integer> broken = new TreeMap<>();
          for (TestAssertion one : result.getTestAssertions()) {
            if (one.getStatus() == TestAssertion.Status.FAILED) {
              broken.merge(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage(), 1, Integer::sum);
            }
          }
          System.out.println(file + " " + profile + (result.isCompliant() ? " compliant " + result.getTotalAssertions() : " FAILED " + broken));
        }
      }
    }
  }
}
