/** The sign of the program: a key whose bow is a seal. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" aria-hidden>
      <circle cx="7" cy="7" r="5.2" strokeWidth="1.7" />
      <path d="M5 7.1 6.5 8.6 9.2 5.6" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
      <path
        d="M10.9 10.9 17.5 17.5M14 14l-1.8 1.8M16.4 16.4l-1.6 1.6"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}
